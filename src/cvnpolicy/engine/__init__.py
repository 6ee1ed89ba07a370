"""The pure heart: plan the questions, judge the answers, decide the verdict. No clock, no files, no network."""
