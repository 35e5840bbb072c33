"""Starting, watching and stopping the three servers: `python -m bot.launcher`, or `make run`."""
