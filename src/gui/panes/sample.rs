//! A capture for tests.
