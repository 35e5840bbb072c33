"""Understanding what advisor and client say: tokens, figures, reasons, techniques."""
