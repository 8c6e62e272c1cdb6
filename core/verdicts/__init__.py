"""What answers mean: the table of verdicts, one file a source, and how it is looked up."""
