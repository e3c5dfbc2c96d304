"""Tests of uploads, downloads, links and what becomes of stored bytes."""
