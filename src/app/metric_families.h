#pragma once

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <string>
#include <utility>
#include <vector>

// Building what a scrape answers, family by family.
namespace sallyport::app {

// One family under construction; complete when it is destroyed.
class Family {
 public:
  using Labels = std::vector<prometheus::ClientMetric::Label>;

  Family(std::vector<prometheus::MetricFamily>& all, prometheus::MetricType type, std::string name, std::string help)
      : all_(all) {
    family_.name = std::move(name);
    family_.help = std::move(help);
    family_.type = type;
  }
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;
  ~Family() {
    if (!family_.metric.empty()) all_.push_back(std::move(family_));
  }

  template <class Number>
  Family& add(Number value, Labels labels = {}) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    (family_.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) =
        static_cast<double>(value);
    family_.metric.push_back(std::move(metric));
    return *this;
  }

 private:
  std::vector<prometheus::MetricFamily>& all_;
  prometheus::MetricFamily family_;
};

// All of a scrape; every name begins with "sallyport_".
class Families {
 public:
  Family counter(std::string name, std::string help) {
    return {all_, prometheus::MetricType::Counter, "sallyport_" + std::move(name), std::move(help)};
  }
  Family gauge(std::string name, std::string help) {
    return {all_, prometheus::MetricType::Gauge, "sallyport_" + std::move(name), std::move(help)};
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(all_); }

 private:
  std::vector<prometheus::MetricFamily> all_;
};

}  // namespace sallyport::app
