"""What the assistant learns in use: texts it was unsure of or read wrongly, reviewed by a person."""
