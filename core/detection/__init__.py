"""Which provider an address belongs to: clues of its domain, and what they weigh."""
