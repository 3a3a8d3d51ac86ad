"""Tests of MyClothes."""
