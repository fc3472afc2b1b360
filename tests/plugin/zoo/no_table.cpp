// Exports something, but no table.
extern "C" __attribute__((visibility("default"))) const int something_else = 1;
