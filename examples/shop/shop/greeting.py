"""What the shop says first: change it, push it, and watch it arrive."""

GREETING = "Welcome aboard"
