"""Finds what would fail a deployment to Elastic Beanstalk before there is one; see docs/check.md."""
