#include "provider/command_line.h"

int main(int argc, char** argv) { return sallyport::provider::run_command_line(argc, argv); }
