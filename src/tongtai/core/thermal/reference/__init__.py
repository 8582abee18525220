"""Cases with exact solutions: what the solvers give beside what is true."""
