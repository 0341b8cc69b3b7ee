add_library(sallyport_options INTERFACE)
target_compile_features(sallyport_options INTERFACE cxx_std_20)
target_include_directories(sallyport_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(sallyport_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Werror)
# GCC 12 reports false positives of these inside libstdc++ and Boost at -O2.
target_compile_options(sallyport_options INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overread -Wno-stringop-overflow
                           -Wno-array-bounds>)
target_compile_options(sallyport_options INTERFACE -fstack-protector-strong -fno-omit-frame-pointer)
target_compile_definitions(sallyport_options INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
if(SALLYPORT_SANITIZE)
  add_compile_options(-fsanitize=${SALLYPORT_SANITIZE} -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${SALLYPORT_SANITIZE})
endif()

# What nearly every source includes, parsed once a room. ccache does better without, and a build with it tells of an
# include that is missing.
set(SALLYPORT_COMMON_HEADERS
  <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span> <string>
  <string_view> <thread> <unordered_map> <utility> <variant> <vector> <tl/expected.hpp>)

# room(NAME DEPENDS targets… SUBDIRS folders…): the library of src/NAME, all its *.cc but tests and main,
# and the test program of its *_test.cc. Test programs see what their room sees. THREADED globs…: the sources, tests
# among them, that have threads, where the others have none: ThreadSanitizer's test program is made of these alone.
function(room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;SUBDIRS;THREADED" ${ARGN})
  set(patterns ${PROJECT_SOURCE_DIR}/src/${name}/*.cc)
  foreach(sub IN LISTS ROOM_SUBDIRS)
    list(APPEND patterns ${PROJECT_SOURCE_DIR}/src/${name}/${sub}/*.cc)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")

  set(target sallyport_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC ${ROOM_DEPENDS} PRIVATE sallyport_options)
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    compile_together(${target})
    if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
      target_precompile_headers(${target} PRIVATE ${SALLYPORT_COMMON_HEADERS})
    endif()
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ROOM_DEPENDS})
  endif()

  if(SALLYPORT_TESTS AND SALLYPORT_UNIT_TESTS AND tests)
    enable_testing()
    set(tested ${target})
    if(ROOM_THREADED AND SALLYPORT_SANITIZE STREQUAL "thread")
      list(TRANSFORM ROOM_THREADED PREPEND ${PROJECT_SOURCE_DIR}/src/${name}/)
      file(GLOB tests CONFIGURE_DEPENDS ${ROOM_THREADED})
      set(tested ${ROOM_DEPENDS})
    endif()
    # These count by an operator new of their own, which ThreadSanitizer has too.
    if(SALLYPORT_SANITIZE STREQUAL "thread")
      list(FILTER tests EXCLUDE REGEX "_allocation_test\\.cc$")
    endif()
    add_executable(${target}_test ${tests})
    target_link_libraries(${target}_test PRIVATE ${tested} sallyport_options rapidcheck rapidcheck_gtest
                                                 GTest::gmock GTest::gtest_main)
    compile_together(${target}_test)
    # Tests need no optimizer, which fortification does.
    target_compile_options(${target}_test PRIVATE
      $<$<CONFIG:Release>:-O0> $<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete -Wno-dangling-pointer>)
    if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
      target_precompile_headers(${target}_test PRIVATE <gmock/gmock.h> <gtest/gtest.h> ${SALLYPORT_COMMON_HEADERS})
    endif()
    if(name STREQUAL "wire" OR name STREQUAL "dns")
      target_link_libraries(${target}_test PRIVATE PkgConfig::LDNS OpenSSL::SSL)
    endif()
    add_test(NAME unit.${name} COMMAND ${target}_test)
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 300)
  endif()
endfunction()
