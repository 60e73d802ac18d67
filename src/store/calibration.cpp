// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/loop/system.hpp"
#include "chatvim/store/state.hpp"

namespace chatvim::store {

namespace {

constexpr std::size_t kMostModels = 200;
constexpr double kLeast = 0.2;
constexpr double kMost = 5;
/// Of a short chat, what servers add to every request is more than the estimate's error.
constexpr std::size_t kFewest = 100;
/// The weight of a new sample, once there are as many as it stands for.
constexpr double kWeight = 0.2;
/// From so many samples on, one can be at most so many times what is known.
constexpr std::int64_t kTrusted = 3;
constexpr double kOutlier = 1.5;

template <class Number>
std::optional<Number> number(const Json& table, const char* key) {
  const auto found = table.find(key);
  if (found == table.end() || !found->is_number()) return std::nullopt;
  return found->get<Number>();
}

}  // namespace

Calibration::Calibration(std::string path) : path_(std::move(path)) {}

std::size_t Calibration::apply(const std::string& name, std::size_t raw) {
  if (!known_) read();
  const auto found = entries_.find(name);
  if (found == entries_.end()) return raw;
  return static_cast<std::size_t>(std::llround(static_cast<double>(raw) * found->second.ratio));
}

void Calibration::learn(const std::string& name, std::size_t raw, std::int64_t counted) {
  if (raw < kFewest || counted <= 0) return;
  const double ratio = static_cast<double>(counted) / static_cast<double>(raw);
  if (ratio < kLeast || ratio > kMost) return;
  bool learnt = false;
  const auto change = [&](Json& state) {
    // Another process may have learnt meanwhile.
    take(state);
    add(name, ratio);
    state = to_json();
    learnt = true;
  };
  // An estimate that is not corrected is no reason to bother anybody.
  if (!path_.empty()) static_cast<void>(change_state(path_, change));
  if (learnt) return;
  if (!known_) read();
  add(name, ratio);
}

void Calibration::add(const std::string& name, double ratio) {
  Entry& entry = entries_[name];
  if (entry.samples >= kTrusted) {
    ratio = std::clamp(ratio, entry.ratio / kOutlier, entry.ratio * kOutlier);
  }
  ++entry.samples;
  const double weight = std::max(kWeight, 1 / static_cast<double>(entry.samples));
  entry.ratio = std::clamp(entry.ratio + (ratio - entry.ratio) * weight, kLeast, kMost);
  entry.time = loop::unix_time();
  forget_oldest();
}

void Calibration::read() {
  known_ = true;
  if (!path_.empty()) take(read_state(path_));
}

void Calibration::take(const Json& state) {
  known_ = true;
  const auto models = state.find("models");
  if (models == state.end() || !models->is_object()) return;
  for (const auto& [name, table] : models->items()) {
    if (!table.is_object()) continue;
    const auto ratio = number<double>(table, "ratio");
    const auto samples = number<std::int64_t>(table, "samples");
    // Not a number fails the comparison too.
    if (!ratio || !(*ratio >= kLeast && *ratio <= kMost) || !samples || *samples < 1) continue;
    entries_[name] = {*ratio, *samples, number<std::int64_t>(table, "time").value_or(0)};
  }
  forget_oldest();
}

void Calibration::forget_oldest() {
  while (entries_.size() > kMostModels) {
    entries_.erase(std::min_element(
        entries_.begin(), entries_.end(),
        [](const auto& a, const auto& b) { return a.second.time < b.second.time; }));
  }
}

Json Calibration::to_json() const {
  constexpr double kDigits = 1e4;
  Json models = Json::object();
  for (const auto& [name, entry] : entries_) {
    models[name] = {{"ratio", std::round(entry.ratio * kDigits) / kDigits},
                    {"samples", entry.samples},
                    {"time", entry.time}};
  }
  return {{"models", std::move(models)}};
}

std::string calibration_file(const std::string& state_folder) {
  return state_folder.empty() ? std::string() : state_folder + "/calibration.json";
}

}  // namespace chatvim::store
