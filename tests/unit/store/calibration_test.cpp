// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/calibration.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "chatvim/store/state.hpp"

namespace chatvim::store {

namespace fs = std::filesystem;

namespace {

/// A temporary state folder, removed by the destructor.
struct State {
  State() {
    std::string name = (fs::temp_directory_path() / "chatvim-state-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root = name;
    file = calibration_file((root / "chatvim").string());
  }
  ~State() { fs::remove_all(root); }

  void write(const std::string& bytes) const {
    fs::create_directories(fs::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }

  fs::path root;
  std::string file;
};

unsigned mode_of(const fs::path& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777U;
}

}  // namespace

TEST_CASE("A server's token count corrects the next estimate, in any process", "[calibration]") {
  const State state;
  Calibration first(state.file);
  CHECK(first.apply("p/m", 1000) == 1000);
  first.learn("p/m", 1000, 1300);
  CHECK(first.apply("p/m", 1000) == 1300);
  CHECK(first.apply("p/other", 1000) == 1000);
  Calibration second(state.file);
  CHECK(second.apply("p/m", 2000) == 2600);
  CHECK(mode_of(state.file) == 0600);
  CHECK(mode_of(fs::path(state.file).parent_path()) == 0700);
}

TEST_CASE("Two processes keep each other's calibration", "[calibration]") {
  const State state;
  Calibration one(state.file);
  Calibration two(state.file);
  CHECK(one.apply("p/a", 1000) == 1000);
  CHECK(two.apply("p/a", 1000) == 1000);
  one.learn("p/a", 1000, 1200);
  two.learn("p/b", 1000, 800);
  Calibration three(state.file);
  CHECK(three.apply("p/a", 1000) == 1200);
  CHECK(three.apply("p/b", 1000) == 800);
}

TEST_CASE("Recent samples weigh more, and outliers have little effect", "[calibration]") {
  Calibration calibration("");
  for (int i = 0; i < 5; ++i) calibration.learn("p/m", 1000, 1100);
  CHECK(calibration.apply("p/m", 1000) == 1100);
  calibration.learn("p/m", 1000, 4900);
  CHECK(calibration.apply("p/m", 1000) == 1210);
  for (int i = 0; i < 40; ++i) calibration.learn("p/m", 1000, 1500);
  CHECK(calibration.apply("p/m", 1000) > 1490);
}

TEST_CASE("Meaningless samples are ignored", "[calibration]") {
  const State state;
  Calibration calibration(state.file);
  calibration.learn("p/m", 20, 80);
  calibration.learn("p/m", 1000, 0);
  calibration.learn("p/m", 1000, -5);
  calibration.learn("p/m", 1000, 100);
  calibration.learn("p/m", 1000, 9000);
  calibration.learn("p/m", 0, 10);
  CHECK(calibration.apply("p/m", 1000) == 1000);
  CHECK_FALSE(fs::exists(state.file));
}

TEST_CASE("A damaged calibration file is ignored and kept as a copy", "[calibration]") {
  const State state;
  for (const char* bytes :
       {"", "{", "[1]", "null", R"({"models":3})", R"({"models":{"p/m":1}})",
        R"({"models":{"p/m":{"ratio":"2","samples":1}}})", R"({"models":{"p/m":{"ratio":2}}})",
        R"({"models":{"p/m":{"ratio":99,"samples":1}}})",
        R"({"models":{"p/m":{"ratio":0,"samples":1}}})",
        R"({"models":{"p/m":{"ratio":1.5,"samples":-4}}})"}) {
    state.write(bytes);
    INFO(bytes);
    CHECK(Calibration(state.file).apply("p/m", 1000) == 1000);
  }
  state.write("{ no json");
  Calibration calibration(state.file);
  calibration.learn("p/m", 1000, 1200);
  CHECK(Calibration(state.file).apply("p/m", 1000) == 1200);
  std::ifstream bad(state.file + ".bad");
  std::string text;
  std::getline(bad, text);
  CHECK(text == "{ no json");
}

TEST_CASE("A state folder that cannot be written to does no harm", "[calibration]") {
  const State state;
  std::ofstream(state.root / "file") << "x";
  Calibration calibration((state.root / "file" / "calibration.json").string());
  calibration.learn("p/m", 1000, 1200);
  CHECK(calibration.apply("p/m", 1000) == 1200);
}

TEST_CASE("The 200 most recently used models are kept", "[calibration]") {
  const State state;
  Json models = Json::object();
  for (int i = 0; i < 250; ++i) {
    models["p/" + std::to_string(i)] = {{"ratio", 1.5}, {"samples", 2}, {"time", i}};
  }
  state.write(Json{{"models", models}}.dump());
  Calibration calibration(state.file);
  calibration.learn("p/new", 1000, 2000);
  const Json kept = read_state(state.file).at("models");
  CHECK(kept.size() == 200);
  CHECK(kept.contains("p/new"));
  CHECK(kept.contains("p/249"));
  CHECK_FALSE(kept.contains("p/10"));
}

}  // namespace chatvim::store
