"""The two-line file that imapsync reads: what it says, where it lies, who may write it, how."""
