"""How the window starts: one instance, the first frame, then everything else."""
