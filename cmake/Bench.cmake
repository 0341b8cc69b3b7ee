# The benchmarks' programs, which bench/run drives, and the tests of what they share.
function(bench_target name)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/bench)
  target_link_libraries(${name} PRIVATE sallyport_base sallyport_options)
endfunction()

if(SALLYPORT_TESTS AND SALLYPORT_UNIT_TESTS)
  bench_target(bench_traffic_test bench/traffic/message.cc bench/traffic/message_test.cc bench/traffic/histogram_test.cc)
  target_link_libraries(bench_traffic_test PRIVATE GTest::gtest_main)
  add_test(NAME unit.bench_traffic COMMAND bench_traffic_test)
  set_tests_properties(unit.bench_traffic PROPERTIES LABELS unit TIMEOUT 60)
endif()

if(SALLYPORT_BENCH)
  find_package(benchmark REQUIRED)
  add_executable(decide_bench bench/decide_bench.cc)
  target_link_libraries(decide_bench PRIVATE sallyport_policy sallyport_options benchmark::benchmark)

  file(GLOB traffic CONFIGURE_DEPENDS bench/traffic/*.cc)
  list(FILTER traffic EXCLUDE REGEX "_test\\.cc$")
  foreach(name load origin)
    file(GLOB sources CONFIGURE_DEPENDS bench/${name}/*.cc)
    bench_target(bench_${name} bench/${name}.cc ${sources} ${traffic})
    target_link_libraries(bench_${name} PRIVATE CLI11::CLI11 OpenSSL::SSL)
  endforeach()

  add_executable(bench_seed bench/seed.cc)
  target_link_libraries(bench_seed PRIVATE sallyport_store sallyport_options CLI11::CLI11)

  add_executable(enforce_bench bench/enforce_bench.cc)
  target_include_directories(enforce_bench PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(enforce_bench PRIVATE sallyport_control sallyport_gateway sallyport_dns sallyport_options)

  add_executable(dns_bench_server bench/dns/server.cc)
  target_link_libraries(dns_bench_server PRIVATE sallyport_dns sallyport_options)
endif()
