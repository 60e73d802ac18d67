// SPDX-License-Identifier: Apache-2.0
#include "chatvim/settings/value_edit.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "property.hpp"

namespace chatvim::settings {
namespace {

constexpr Language kToml = Language::kToml;
constexpr Language kYaml = Language::kYaml;

struct Case {
  const char* name;
  Language language;
  std::string before;
  std::string model;
  std::string after;  ///< empty: refused
};

// clang-format off
const std::vector<Case> kCases = {
  {"an empty TOML text", kToml, "", "m", "model = \"m\"\n"},
  {"an empty YAML text", kYaml, "", "m", "model: m\n"},
  {"the value alone", kToml, "model = \"a\"\n", "p/m", "model = \"p/m\"\n"},
  {"spaces and comments", kToml, "# c\n  model   =\t\"a\"  # why \"a\"\nx = 1\n", "m",
   "# c\n  model   =\t\"m\"  # why \"a\"\nx = 1\n"},
  {"single quotes stay", kToml, "model = 'a'\n", "m", "model = 'm'\n"},
  {"a name that they cannot hold", kToml, "model = 'a'\n", "m'", "model = \"m'\"\n"},
  {"escapes", kToml, "model = \"a\\\"b\" # c\n", "m\\\"", "model = \"m\\\\\\\"\" # c\n"},
  {"a quoted key", kToml, "\"model\" = \"a\"\n", "m", "\"model\" = \"m\"\n"},
  {"three double quotes", kToml, "model = \"\"\"\na\\\n  b\"\"\" # c\nx = 1\n", "m",
   "model = \"m\" # c\nx = 1\n"},
  {"three single quotes", kToml, "model = '''a'b''' # c\n", "m", "model = 'm' # c\n"},
  {"a table's own key", kToml, "x = 1\n[body]\nmodel = \"a\"\n", "m",
   "model = \"m\"\nx = 1\n[body]\nmodel = \"a\"\n"},
  {"a table first", kToml, "[body]\nmodel = \"a\"\n", "m",
   "model = \"m\"\n[body]\nmodel = \"a\"\n"},
  {"wide letters before it", kToml, "title = \"ü漢\"\nmodel = \"漢\" # ü\n", "é",
   "title = \"ü漢\"\nmodel = \"é\" # ü\n"},
  {"dates and unknown keys", kToml, "date = 2024-01-01\nmodel = \"a\"\ntags = [\"x\"]\n", "m",
   "date = 2024-01-01\nmodel = \"m\"\ntags = [\"x\"]\n"},
  {"another key named likewise", kToml, "modelling = \"a\"\nx.model = \"b\"\n", "m",
   "model = \"m\"\nmodelling = \"a\"\nx.model = \"b\"\n"},
  {"no change", kToml, "model = '''m''' # c\n", "m", "model = '''m''' # c\n"},
  {"plain", kYaml, "title: t\nmodel:  a # c\nx: 1\n", "p/m", "title: t\nmodel:  p/m # c\nx: 1\n"},
  {"plain over two lines", kYaml, "model: a\n  b\nx: 1\n", "m", "model: m\nx: 1\n"},
  {"on the next line", kYaml, "model:\n  a # c\nx: 1\n", "m", "model:\n  m # c\nx: 1\n"},
  {"a name with a colon", kYaml, "model: a\n", "llama3:8b", "model: llama3:8b\n"},
  {"a name that is a number", kYaml, "model: a\n", "1.5", "model: \"1.5\"\n"},
  {"a name that is a comment", kYaml, "model: a\n", "a #b", "model: \"a #b\"\n"},
  {"double quotes stay", kYaml, "model: \"a\\u0041\" # c\n", "m", "model: \"m\" # c\n"},
  {"single quotes in YAML", kYaml, "model: 'it''s' # c\n", "m", "model: 'm' # c\n"},
  {"a literal block", kYaml, "model: |\n  a\nx: 1\n", "m", "model: m\nx: 1\n"},
  {"a folded block", kYaml, "model: >-\n  a\n  b\n\n# c\nx: 1\n", "m", "model: m\n\n# c\nx: 1\n"},
  {"a nested key", kYaml, "body:\n  model: a\n", "m", "model: m\nbody:\n  model: a\n"},
  {"a flow mapping", kYaml, "{title: t, model: a, x: 1}\n", "m", "{title: t, model: m, x: 1}\n"},
  {"at a flow mapping's end", kYaml, "{model: a}\n", "b,c", "{model: \"b,c\"}\n"},
  {"a flow mapping without it", kYaml, "{title: t}\n", "m", ""},
  {"keys further right", kYaml, "  title: t\n", "m", "  model: m\n  title: t\n"},
  {"an alias", kYaml, "title: &t a\nmodel: *t\n", "m", ""},
  {"an anchor that is needed", kYaml, "model: &a x\ntitle: *a\n", "m", ""},
  {"a tag", kYaml, "model: !!str 12 # c\n", "m", "model: m # c\n"},
};
// clang-format on

struct ListCase {
  const char* name;
  Language language;
  std::string before;
  std::vector<std::string> tools;
  std::string after;  ///< empty: refused
};

// clang-format off
const std::vector<ListCase> kListCases = {
  {"a new list in TOML", kToml, "x = 1\n", {"files", "a.*"}, "tools = [\"files\", \"a.*\"]\nx = 1\n"},
  {"a new list in YAML", kYaml, "x: 1\n", {"files"}, "tools: [\"files\"]\nx: 1\n"},
  {"none", kToml, "tools = ['a'] # c\n", {}, "tools = [] # c\n"},
  {"several lines", kToml, "tools = [\n  'a', # one\n  'b',\n] # c\nx = 1\n", {"b"},
   "tools = [\"b\"] # c\nx = 1\n"},
  {"a flow list", kYaml, "tools: [a, 'b'] # c\n", {"b"}, "tools: [\"b\"] # c\n"},
  {"a block list", kYaml, "tools:\n  - a\n  - b # c\nx: 1\n", {"c", "*"},
   "tools:\n  - c\n  - \"*\" # c\nx: 1\n"},
  {"a block list that is not indented", kYaml, "tools:\n- a\nx: 1\n", {"b", "c"},
   "tools:\n- b\n- c\nx: 1\n"},
  {"a block list that becomes empty", kYaml, "tools:\n- a\n- b\nx: 1\n", {},
   "tools:\n []\nx: 1\n"},
  {"no change", kYaml, "tools: [a]\n", {"a"}, "tools: [a]\n"},
  {"quotes", kToml, "", {"a\"b\\"}, "tools = [\"a\\\"b\\\\\"]\n"},
  {"an alias", kYaml, "title: &t [a]\ntools: *t\n", {"b"}, ""},
};
// clang-format on

/// Generated front matter, line by line, with at most one line that sets the model.
struct Generated {
  Language language = kToml;
  std::vector<std::string> lines;
  std::string name;
};

Generated generate() {
  Generated made;
  made.language = *rc::gen::element(kToml, kYaml);
  const bool toml = made.language == kToml;
  using Lines = std::vector<std::string>;
  const Lines toml_lines = {"# model = \"no\"",          "",
                            "title = 'model'",           "temperature = 0.5 # warm",
                            "tags = [\"a\", \"model\"]", "\"odd key\" = 1"};
  const Lines yaml_lines = {"# model: no",      "",
                            "title: model",     "temperature: 0.5 # warm",
                            "tags: [a, model]", "\"odd key\": 1"};
  const Lines toml_models = {"model = \"old\" # here", "model='old'", "'model' = \"\"\"o\"\"\""};
  const Lines yaml_models = {"model: old # here", "model: 'old'", "\"model\":   \"o\\\"\" # x"};
  const auto& pool = toml ? toml_lines : yaml_lines;
  for (const auto& line : pool) {
    if (*rc::gen::arbitrary<bool>()) made.lines.push_back(line);
  }
  if (*rc::gen::arbitrary<bool>()) {
    const auto at = *rc::gen::inRange<std::size_t>(0, made.lines.size() + 1);
    made.lines.insert(made.lines.begin() + static_cast<std::ptrdiff_t>(at),
                      *rc::gen::elementOf(toml ? toml_models : yaml_models));
  }
  if (*rc::gen::arbitrary<bool>()) {
    made.lines.emplace_back(toml ? "[body]" : "body:");
    made.lines.emplace_back(toml ? "model = \"nested\"" : "  model: nested");
  }
  made.name = *rc::gen::nonEmpty(rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab1./:-_ '\"\\#,{}[]&*!|>"))));
  RC_PRE(made.name.find_first_not_of(' ') != std::string::npos);
  return made;
}

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("editing sets the front matter's model and nothing else", "[model]") {
  for (const Case& each : kCases) {
    INFO(each.name);
    const auto edit = edit_value(each.language, each.before, "model", each.model);
    CHECK(edit.has_value() == !each.after.empty());
    if (edit) CHECK(edit->apply(each.before) == each.after);
    if (!edit) CHECK(edit.error().find("by hand") != std::string::npos);
  }
}

TEST_CASE("editing sets a list in the front matter and nothing else", "[tools]") {
  for (const ListCase& each : kListCases) {
    INFO(each.name);
    const auto edit = edit_value(each.language, each.before, "tools", each.tools);
    CHECK(edit.has_value() == !each.after.empty());
    if (edit) CHECK(edit->apply(each.before) == each.after);
  }
}

TEST_CASE("any front matter accepts any model name and keeps its other lines", "[model]") {
  CHECK(testing::holds("edit_value", 500, [] {
    const Generated made = generate();
    const std::string before = join(made.lines);
    const auto edit = edit_value(made.language, before, "model", made.name);
    RC_ASSERT(edit.has_value());
    const std::string after = edit->apply(before);
    const auto layer = read_layer(made.language, after, 1, Scope::kDocument);
    RC_ASSERT(layer.usable());
    RC_ASSERT(layer.values->value("model", "") == made.name);

    const auto start = edit->begin == 0 ? 0 : before.rfind('\n', edit->begin - 1) + 1;
    const auto rest = before.find('\n', edit->end);
    RC_ASSERT(after.starts_with(before.substr(0, start)));
    RC_ASSERT(after.ends_with(rest == std::string::npos ? "" : before.substr(rest)));

    const auto again = edit_value(made.language, after, "model", made.name);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->apply(after) == after);
  }));
}

}  // namespace chatvim::settings
