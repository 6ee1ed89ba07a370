"""Readiness files and runbooks, judged by the rules of a ReadinessPolicy and compared with the other policies."""
