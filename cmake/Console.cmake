# The web console (console/), built by node and npm and carried in the binary by the library sallyport_console_files.
option(SALLYPORT_CONSOLE "Build the web console into the binary (needs node and npm)" ON)

set(console ${PROJECT_SOURCE_DIR}/console)
set(console_out ${PROJECT_BINARY_DIR}/console)

if(SALLYPORT_CONSOLE)
  find_program(NODE NAMES node nodejs)
  find_program(NPM npm)
  if(NOT NODE OR NOT NPM)
    message(FATAL_ERROR "The web console needs node and npm, which are not here. Install them (scripts/install-deps build, "
                        "or the Debian packages nodejs and npm), or build without the console: -DSALLYPORT_CONSOLE=OFF")
  endif()
  file(GLOB_RECURSE console_sources CONFIGURE_DEPENDS ${console}/src/* ${console}/public/* ${console}/build/*)
  # In the source tree, where node looks for it; of every build folder, so only made anew when the lock file changes.
  set(console_modules ${console}/node_modules/.sallyport-installed)
  add_custom_command(OUTPUT ${console_modules}
    COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${console_modules}
    WORKING_DIRECTORY ${console}
    DEPENDS ${console}/package.json ${console}/package-lock.json
    COMMENT "Installing what the console is built with" VERBATIM)
  add_custom_command(OUTPUT ${console_out}/console_files.cc ${console_out}/console_files.S
    COMMAND ${NODE} node_modules/vite/bin/vite.js build --logLevel warn --emptyOutDir --outDir ${console_out}/dist
    COMMAND ${NODE} pack.mjs ${console_out}/dist ${console_out}
    WORKING_DIRECTORY ${console}
    DEPENDS ${console_modules} ${console_sources} ${console}/index.html ${console}/vite.config.ts ${console}/pack.mjs
            ${console}/tsconfig.json
    COMMENT "Building the console" VERBATIM)
  set_source_files_properties(${console_out}/console_files.S PROPERTIES OBJECT_DEPENDS ${console_out}/console_files.cc)
  add_library(sallyport_console_files STATIC ${console_out}/console_files.cc ${console_out}/console_files.S)
  if(SALLYPORT_TESTS)
    enable_testing()
    add_test(NAME console.types COMMAND ${NODE} node_modules/typescript/bin/tsc --noEmit WORKING_DIRECTORY ${console})
    add_test(NAME console.unit COMMAND ${NODE} node_modules/vitest/vitest.mjs run WORKING_DIRECTORY ${console})
    set_tests_properties(console.types console.unit PROPERTIES LABELS console TIMEOUT 300)
  endif()
else()
  file(CONFIGURE OUTPUT ${console_out}/no_console_files.cc CONTENT [=[
#include "app/console_files.h"

namespace sallyport::app {

std::span<const api::ConsoleFile> console_files() { return {}; }

}  // namespace sallyport::app
]=])
  add_library(sallyport_console_files STATIC ${console_out}/no_console_files.cc)
endif()
target_link_libraries(sallyport_console_files PUBLIC sallyport_model PRIVATE sallyport_options)
