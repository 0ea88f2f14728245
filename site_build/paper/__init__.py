"""Leaflets, paper forms and wall cards, set as PDF."""
