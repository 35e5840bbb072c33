"""What commission costs the client and the firm: exact, pure arithmetic on Decimal."""
