// SPDX-License-Identifier: Apache-2.0
#include "home.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace chatvim::testing {

namespace fs = std::filesystem;

Home::Home() {
  std::string name = (fs::temp_directory_path() / "chatvim-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
  folder_ = name;
  fs::create_directories(folder_ / "config" / "chatvim" / "presets");
  environment_ = {{"HOME", name},
                  {"XDG_CONFIG_HOME", (folder_ / "config").string()},
                  {"PATH", "/usr/local/bin:/usr/bin:/bin"},
                  {"LANG", "C"}};
}

Home::Home(const Standin& standin) : Home() { configure(configuration(standin.base_url())); }

Home::~Home() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Home::file(const std::string& name, std::string_view bytes) const {
  std::ofstream stream(folder_ / name, std::ios::binary | std::ios::trunc);
  stream << bytes;
  stream.close();
  if (!stream) throw std::runtime_error("the test cannot write " + name);
  return path(name);
}

void Home::configure(std::string_view text) const { file("config/chatvim/config.md", text); }

void Home::preset(const std::string& name, std::string_view text) const {
  file("config/chatvim/presets/" + name + ".md", text);
}

std::string Home::read(const std::string& name) const {
  std::ifstream stream(folder_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

bool Home::exists(const std::string& name) const { return fs::exists(folder_ / name); }

Command Home::command(const std::vector<std::string>& arguments) const {
  Command command{{CHATVIM_PROGRAM}, environment_, folder_.string()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return command;
}

Run Home::run(const std::vector<std::string>& arguments, std::string_view input) const {
  Process process(command(arguments));
  process.write(input);
  process.end_input();
  Run run;
  run.code = process.wait();
  run.out = process.output();
  run.err = process.errors();
  return run;
}

std::string configuration(const std::string& base_url, std::string_view more) {
  return fmt::format(
      "+++\nmodel = \"standin/m\"\n[providers.standin]\nbase_url = \"{}\"\n{}\n+++\n", base_url,
      more);
}

std::string printed(std::string text) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

}  // namespace chatvim::testing
