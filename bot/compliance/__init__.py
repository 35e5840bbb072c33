"""What the law forbids an advisor to say, as data and a screen over it."""
