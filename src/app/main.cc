#include "app/cli.h"

int main(int argc, char** argv) { return sallyport::app::run_command_line(argc, argv); }
