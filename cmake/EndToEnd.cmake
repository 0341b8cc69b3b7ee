# tests/<folder>/test_*.py: one ctest entry a file, run by the pinned Python environment that
# scripts/install-deps made. The product under test is this build's binary.
set(SALLYPORT_PYTHON "$ENV{SALLYPORT_CACHE}")
if(SALLYPORT_PYTHON STREQUAL "")
  set(SALLYPORT_PYTHON "$ENV{HOME}/.cache/sallyport")
endif()
string(APPEND SALLYPORT_PYTHON "/venv/bin/python")

file(GLOB e2e_tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/structure/test_*.py ${PROJECT_SOURCE_DIR}/tests/e2e/test_*.py)
foreach(path IN LISTS e2e_tests)
  get_filename_component(file ${path} NAME_WE)
  get_filename_component(folder ${path} DIRECTORY)
  get_filename_component(group ${folder} NAME)
  string(REGEX REPLACE "^test_" "" subject ${file})
  add_test(NAME ${group}.${subject} COMMAND ${SALLYPORT_PYTHON} -m pytest -q -p no:cacheprovider ${path}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/tests)
  set_tests_properties(${group}.${subject} PROPERTIES LABELS ${group} TIMEOUT 600
    ENVIRONMENT "SALLYPORT_BINARY=$<TARGET_FILE:sallyport>")
endforeach()
