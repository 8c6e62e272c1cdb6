"""How the window starts: one window per user, its first frame, then everything else."""
