"""The database: exact column types, models, branch-scoped sessions and migrations."""
