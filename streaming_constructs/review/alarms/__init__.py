"""What alarms watch, when they fire and whom they tell, asked by rules of any service."""
