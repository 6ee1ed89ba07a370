"""What a change means: which of two versions of a policy lets more through."""
