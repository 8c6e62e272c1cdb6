"""The desktop around the window: autostart, sleep, other programs, folders."""
