"""Fastest ways through a road network whose speeds change while one drives."""
