"""The guideline as data: loading, checking and rendering of `data/playbook/`."""
