"""What `scripts/bootstrap.py` does, step by step. Standard library only, Python 3.8 to 3.14."""
