"""What the operator is told: alarms, health, metrics and a status page, never a content."""
