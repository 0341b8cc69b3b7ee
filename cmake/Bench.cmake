# The benchmarks' programs; bench/run drives them.
find_package(benchmark REQUIRED)
add_executable(decide_bench bench/decide_bench.cc)
target_link_libraries(decide_bench PRIVATE sallyport_policy sallyport_options benchmark::benchmark)

function(bench_program name)
  file(GLOB sources CONFIGURE_DEPENDS bench/traffic/*.cc bench/${name}/*.cc)
  add_executable(bench_${name} bench/${name}.cc ${sources})
  target_include_directories(bench_${name} PRIVATE ${PROJECT_SOURCE_DIR}/bench)
  target_link_libraries(bench_${name} PRIVATE sallyport_base sallyport_options CLI11::CLI11 OpenSSL::SSL)
endfunction()
bench_program(load)
bench_program(origin)

add_executable(bench_seed bench/seed.cc)
target_link_libraries(bench_seed PRIVATE sallyport_store sallyport_options CLI11::CLI11)
