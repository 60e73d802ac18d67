// SPDX-License-Identifier: Apache-2.0
// The setting schema: what is sent is in the goldens of requests; here is what is checked.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "editor.hpp"
#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing::schema_test {

namespace {

const std::string kSchema =
    R"({"title":"A person","type":"object","properties":{"name":{"type":"string"},)"
    R"("age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false})";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("schema: an answer that fits exits 0, one that does not 3", "[schema]") {
  Standin standin;
  const Home home(standin);
  home.file("person.json", kSchema);
  struct Case {
    std::string answer;
    std::string words;  ///< empty: it fits
  };
  for (const Case& one :
       {Case{R"({"name":"Ada","age":36})", ""}, Case{"\n {\"name\":\"Ada\",\"age\":36}\n", ""},
        Case{R"({"name":"Ada","age":"36"})", "/age is \"36\""},
        Case{R"({"name":"Ada"})", "lacks the property \"age\""},
        Case{"Ada is 36.", "it is not JSON"},
        Case{"```json\n{\"name\":\"Ada\",\"age\":36}\n```", "it is not JSON"}}) {
    INFO(one.answer);
    standin.script(Json::array({answer({one.answer.substr(0, 3), one.answer.substr(3)})}));
    const Run run = home.run({"complete", "--schema", "person.json", "Who?"});
    INFO(run.err);
    CHECK(run.code == (one.words.empty() ? 0 : 3));
    CHECK(contains(run.err, one.words));
    CHECK(contains(run.err, "person.json") == !one.words.empty());
    CHECK(run.out == printed(one.answer));
  }
}

TEST_CASE("schema: of an answer with JSON output too, and with log", "[schema]") {
  Standin standin;
  const Home home(standin);
  home.file("person.json", kSchema);
  standin.script(Json::array({answer({"no"}), answer({"no"})}));
  const Run run = home.run(
      {"complete", "--json", "--set", "schema=person.json", "--allow", "person.json", "Who?"});
  CHECK(run.code == 3);
  CHECK(Json::parse(run.out).at("code") == "schema");
  CHECK(home.run({"log", "--schema", "person.json", "Who?"}).code == 3);
  CHECK(contains(home.read("chat.md"), "Who?"));
}

TEST_CASE("schema: a document's file follows the rules of embeds", "[schema]") {
  Standin standin;
  const Home home(standin);
  std::filesystem::create_directory(home.path("project"));
  home.file("project/person.json", kSchema);
  home.file("outside.json", kSchema);
  const auto run = [&](const std::string& path, std::vector<std::string> more = {}) {
    const std::string file =
        home.file("project/chat.md", "+++\nschema = \"" + path + "\"\n+++\n# === USER ===\nhi\n");
    more.insert(more.begin(), {"complete", "--file", file});
    return home.run(more);
  };
  standin.script(Json::array({answer({"{}"}), answer({"{}"}), answer({"{}"})}));
  CHECK(run("person.json").code == 3);
  const Run outside = run("../outside.json");
  CHECK(outside.code == 2);
  CHECK(contains(outside.err, "--allow " + home.path("outside.json")));
  CHECK(run("../outside.json", {"--allow", home.path("outside.json")}).code == 3);
  CHECK(standin.requests().size() == 2);
  for (const auto& [path, words] :
       {std::pair{"missing.json", "there is no such file"},
        std::pair{".", "is not the path of a file"},
        std::pair{"*.json", "is not the path of a file"}, std::pair{"chat.md", "is not JSON"}}) {
    const Run bad = run(path);
    INFO(path << bad.err);
    CHECK(bad.code == 2);
    CHECK(contains(bad.err, words));
    CHECK(contains(bad.err, "nothing was sent"));
  }
  CHECK(standin.requests().size() == 2);
}

TEST_CASE("schema: a provider that takes none is refused, unless the user says it does",
          "[schema]") {
  Standin standin;
  const Home home;
  home.file("person.json", kSchema);
  const Run run = home.run({"request", "--model", "deepseek/x", "--schema", "person.json", "hi"});
  CHECK(run.code == 2);
  CHECK(contains(run.err, "structured_output"));
  home.configure("+++\n[providers.deepseek]\nstructured_output = true\n+++\n");
  CHECK(home.run({"request", "--model", "deepseek/x", "--schema", "person.json", "hi"}).code == 0);
  home.configure(configuration(standin.base_url(), "structured_output = false"));
  CHECK(home.run({"complete", "--schema", "person.json", "hi"}).code == 2);
  CHECK(standin.requests().empty());
}

TEST_CASE("schema: keywords that are not checked are named", "[schema]") {
  Standin standin;
  const Home home(standin);
  home.file("s.json", R"({"type":"string","pattern":"^(a+)+$","format":"date"})");
  standin.script(Json::array({answer({"\"b\""})}));
  const Run run = home.run({"complete", "--schema", "s.json", "hi"});
  CHECK(run.code == 0);
  CHECK(contains(run.err, "not checked against format, pattern"));
}

TEST_CASE("schema: in the editor an answer that does not fit has a notice", "[schema]") {
  Standin standin;
  const Home home(standin);
  const std::string path = home.file("person.json", kSchema);
  standin.script(Json::array({answer({"no"})}));
  Editor editor(home);
  editor.send("complete", {{"id", 1},
                           {"text", "+++\nschema = \"person.json\"\n+++\n# === USER ===\nhi\n"},
                           {"settings", Json::object()},
                           {"allow", Json::array({path})},
                           {"file", home.path("chat.md")}});
  editor.take_answer(1);
  CHECK(contains(editor.received(), "does not fit the schema person.json"));
}

TEST_CASE("schema: a continued answer is checked as a whole", "[schema]") {
  Standin standin;
  const Home home;
  home.configure(configuration(standin.base_url(), "prefill = \"plain\""));
  home.file("person.json", kSchema);
  const std::string file =
      home.file("chat.md", "# === USER ===\n\nhi\n\n# === ASSISTANT ===\n\n{\"name\": \"Ada\",");
  standin.script(Json::array({answer({" \"age\": 36}"})}));
  const Run run = home.run({"complete", "--continue", "--file", file, "--schema", "person.json"});
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK_FALSE(standin.requests().at(0).at("body").contains("response_format"));
}

}  // namespace chatvim::testing::schema_test
