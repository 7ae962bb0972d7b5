"""What states promised each other: kept, reviewed, followed up."""
