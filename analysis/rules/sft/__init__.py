"""The rules of supervised fine-tuning, in the order of the headline."""
