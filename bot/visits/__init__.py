"""The counter visit: walking a case, the cards it shows, and the record it leaves."""
