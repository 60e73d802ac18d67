// SPDX-License-Identifier: Apache-2.0
// Appends the name of each case that passed to the file CHATVIM_RAN, one a line: `reliability.lua`
// looks there. Each case is a process of its own, so the file grows; the test "records" removes it
// before a run.
#include <catch2/catch_test_case_info.hpp>
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#include <fstream>

namespace {

class Recorder final : public Catch::EventListenerBase {
 public:
  using EventListenerBase::EventListenerBase;

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    if (stats.totals.testCases.passed == 0) return;
    std::ofstream(CHATVIM_RAN, std::ios::app) << stats.testInfo->name + "\n";
  }
};

CATCH_REGISTER_LISTENER(Recorder)

}  // namespace
