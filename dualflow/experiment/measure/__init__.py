"""The machine, and what a program asks of it: memory and operations."""
