// SPDX-License-Identifier: Apache-2.0
// Completion in the real shells, and the manual page, both made from the table of commands.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "home.hpp"
#include "process.hpp"

namespace chatvim::testing::completion_test {

namespace {

namespace fs = std::filesystem;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool is_installed(const std::string& program) {
  return fs::exists("/usr/bin/" + program) || fs::exists("/bin/" + program);
}

/// A home folder with `chatvim` on PATH, and a provider whose models have colons in their names.
class Shell {
 public:
  Shell() {
    fs::create_directory(home_.path("bin"));
    fs::create_symlink(CHATVIM_PROGRAM, home_.path("bin/chatvim"));
    home_.configure(
        "+++\n[providers.own]\nbase_url = \"http://127.0.0.1:1\"\nmodels = [\"m:big\", "
        "\"m:small\", \"m:$(touch ran)\"]\napi_key_env = \"MY_KEY\"\n+++\n");
    home_.file("a-file.json", "{}");
    for (const std::string shell : {"bash", "zsh", "fish"}) {
      const Run run = home_.run({"completion", shell});
      REQUIRE(run.code == 0);
      home_.file("script." + shell, run.out);
    }
  }

  bool has(const std::string& file) const { return home_.exists(file); }

  /// Runs a script in a shell and returns its output.
  std::string run(const std::string& shell, const std::string& script) const {
    Command command{
        {"/usr/bin/env", shell, home_.file("test." + shell, script)}, {}, home_.path("")};
    command.environment = {
        {"HOME", home_.path("")}, {"XDG_CONFIG_HOME", home_.path("config")},
        {"MY_KEY", "k"},          {"TERM", "dumb"},
        {"LC_ALL", "C"},          {"PATH", home_.path("bin") + ":/usr/bin:/bin"}};
    Process process(command);
    process.end_input();
    process.wait();
    INFO(process.errors());
    CHECK(process.errors().empty());
    return process.output();
  }

 private:
  Home home_;
};

/// Returns what bash completes for these words, the last being where the cursor is.
std::string in_bash(const Shell& shell, const std::string& words) {
  std::string out = shell.run("bash", "source ./script.bash\nCOMP_WORDS=(" + words +
                                          ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_chatvim\n"
                                          "echo \"${COMPREPLY[*]}\"\n");
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

/// Returns the candidates of fish for a line, without their descriptions.
std::string in_fish(const Shell& shell, const std::string& line) {
  std::istringstream lines(shell.run("fish", "source ./script.fish\ncomplete -C '" + line + "'\n"));
  std::string out;
  for (std::string one; std::getline(lines, one);) {
    out += (out.empty() ? "" : " ") + one.substr(0, one.find('\t'));
  }
  return out;
}

/// Read by the zsh that completes. CTRL-X prints the line between `<` and `>`, which nobody types.
constexpr const char* kZshSetup = R"(
PS1=
unsetopt prompt_cr prompt_sp
autoload -Uz compinit
compinit -D -u
source ./script.zsh
bindkey '^I' complete-word
report() { print -r -- "<$BUFFER>"; BUFFER= }
zle -N report
bindkey '^X' report
print READY
)";

/// Returns the line after a real zsh, in a terminal, has got a TAB at its end.
std::string in_zsh(const Shell& shell, const std::string& line) {
  std::string out = shell.run("zsh", std::string("cat > setup.zsh << 'END'") + kZshSetup + R"(END
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'source ./setup.zsh'
zpty -r shell text '*READY*'
zpty -w -n shell ')" + line + R"('$'\t'$'\x18'
zpty -r shell text '*<*>*'
print -r -- "${${text##*<}%%>*}"
zpty -d shell
)");
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

/// Returns the words of the help that begin with `--`, and its commands.
std::set<std::string> words_of_help(const std::string& help) {
  std::set<std::string> words;
  std::istringstream lines(help);
  bool in_commands = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Subcommands:")) in_commands = true;
    if (line.starts_with("Examples:")) break;
    std::istringstream text(line);
    std::string word;
    text >> word;
    if (in_commands && line.starts_with("  ") && line[2] != ' ') words.insert(word);
    const auto at = line.find("--");
    if (!in_commands && at != std::string::npos && at < 12) {
      words.insert(line.substr(at, line.find_first_of(" ,=", at) - at));
    }
  }
  return words;
}

/// Returns text of the page as it is written in roff.
std::string in_roff(std::string text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\\-");
  }
  return text;
}

}  // namespace

TEST_CASE("completion: bash completes commands, options, names, and words with colons", "[cli]") {
  const Shell shell;
  CHECK(in_bash(shell, "chatvim comp") == "complete completion");
  CHECK(in_bash(shell, "chatvim keys ''") == "set list remove");
  CHECK(in_bash(shell, "chatvim complete --mod") == "--model");
  CHECK(in_bash(shell, "chatvim keys set --in") == "--in-file");
  CHECK(in_bash(shell, "chatvim complete --file keys --js") == "--json");
  CHECK(in_bash(shell, "chatvim complete --model own/") == "own/m:big own/m:small");
  CHECK(in_bash(shell, "chatvim complete --model = own/m : b") == "big");
  CHECK(in_bash(shell, "chatvim complete -m own/m :") == "big small");
  CHECK(in_bash(shell, "chatvim keys set ow") == "own");
  CHECK(in_bash(shell, "chatvim models --remote ow") == "own");
  CHECK(in_bash(shell, "chatvim completion ''") == "bash zsh fish");
  CHECK_FALSE(shell.has("ran"));
  // Nothing of its own: bash completes files.
  CHECK(in_bash(shell, "chatvim complete --file a").empty());
}

TEST_CASE("completion: fish completes commands, options, names and files", "[cli]") {
  if (!is_installed("fish")) return;
  const Shell shell;
  CHECK(in_fish(shell, "chatvim comp") == "complete completion");
  CHECK(in_fish(shell, "chatvim keys ") == "list remove set");
  CHECK(in_fish(shell, "chatvim complete --mod") == "--model");
  CHECK(in_fish(shell, "chatvim keys set --in") == "--in-file");
  CHECK(in_fish(shell, "chatvim complete --model own/m:b") == "own/m:big");
  CHECK(in_fish(shell, "chatvim keys set ow") == "own");
  CHECK(in_fish(shell, "chatvim completion ") == "bash fish zsh");
  CHECK(in_fish(shell, "chatvim complete --schema a-") == "a-file.json");
}

TEST_CASE("completion: zsh completes commands, options, names and files", "[cli]") {
  if (!is_installed("zsh")) return;
  const Shell shell;
  CHECK(in_zsh(shell, "chatvim reque") == "chatvim request ");
  CHECK(in_zsh(shell, "chatvim keys remo") == "chatvim keys remove ");
  CHECK(in_zsh(shell, "chatvim complete --mod") == "chatvim complete --model=");
  CHECK(in_zsh(shell, "chatvim complete -m own/m:b") == "chatvim complete -m own/m:big ");
  CHECK(in_zsh(shell, "chatvim keys set ow") == "chatvim keys set own ");
  CHECK(in_zsh(shell, "chatvim completion f") == "chatvim completion fish ");
  CHECK(in_zsh(shell, "chatvim complete --schema a-") == "chatvim complete --schema a-file.json ");
}

TEST_CASE("completion: a shell that is not known is named with the others", "[cli]") {
  const Home home;
  CHECK(home.run({"completion", "tcsh"}).code == 2);
  CHECK(home.run({"completion"}).code == 2);
}

TEST_CASE("man page: has every command, option and exit code", "[cli]") {
  Home home;
  home.set("OPENAI_API_KEY", "sentinel-key-5f2c");
  home.configure("+++\n[providers.private]\nbase_url = \"http://127.0.0.1:1\"\n+++\n");
  const std::string page = home.run({"man"}).out;
  std::set<std::string> commands = words_of_help(home.run({"--help"}).out);
  std::erase_if(commands, [](const std::string& word) { return word.starts_with('-'); });
  REQUIRE(commands.count("complete") == 1);
  REQUIRE(commands.size() > 8);
  std::size_t options = 0;
  for (const std::string& command : commands) {
    const std::size_t at = page.find(".SS chatvim " + command);
    INFO(command);
    REQUIRE(at != std::string::npos);
    const std::string section = page.substr(at, page.find("\n.S", at + 1) - at);
    for (const std::string& word : words_of_help(home.run({command, "--help"}).out)) {
      if (word == "--help") continue;
      INFO(word);
      ++options;
      CHECK(contains(word.starts_with('-') ? section : page, in_roff(word)));
    }
  }
  CHECK(options > 25);
  for (const char* code : {"0", "1", "2", "3", "130"}) {
    CHECK(contains(page, std::string("\\fB") + code + "\\fR\n"));
  }
  CHECK(contains(page, "OPENAI_API_KEY"));
  CHECK(contains(page, "key\\-values.json"));
  // It is the same for everybody.
  CHECK_FALSE(contains(page, "sentinel"));
  CHECK_FALSE(contains(page, "private"));
}

TEST_CASE("man page: the tools for manual pages have no complaint", "[cli]") {
  const Home home;
  const std::string path = home.file("chatvim.1", home.run({"man"}).out);
  const auto run = [&home](std::vector<std::string> arguments) {
    Process process(Command{std::move(arguments), {{"PATH", "/usr/bin:/bin"}}, home.path("")});
    process.end_input();
    process.wait();
    return process.output() + process.errors();
  };
  // It has no date, so that the same sources give the same page; lines are as long as sentences.
  if (is_installed("mandoc")) {
    std::istringstream lines(run({"/usr/bin/mandoc", "-T", "lint", path}));
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      CHECK((contains(line, "missing date") || contains(line, "longer than 80")));
    }
  }
  if (is_installed("groff")) {
    CHECK(run({"/usr/bin/groff", "-man", "-Tascii", "-ww", "-z", path}).empty());
  }
}

TEST_CASE("names: models and providers print names alone, one per line", "[cli]") {
  Home home;
  home.configure(
      "+++\n[providers.own]\nbase_url = \"http://127.0.0.1:1\"\nmodels = [\"a:b\"]\n"
      "api_key_env = \"MY_KEY\"\n+++\n");
  const Run none = home.run({"models", "--names"});
  CHECK(none.code == 0);
  CHECK(none.out.empty());
  home.set("MY_KEY", "k");
  CHECK(home.run({"models", "--names"}).out == "own/a:b\n");
  CHECK(contains(home.run({"models", "--names", "--all"}).out, "\nanthropic/"));
  CHECK(contains(home.run({"providers", "--names"}).out, "\nown\n"));
  CHECK(home.run({"models", "--names", "--json"}).code == 2);
}

TEST_CASE("habits: options and commands of other programs get advice", "[cli]") {
  const Home home;
  const auto advice = [&home](std::vector<std::string> arguments) {
    const Run run = home.run(arguments);
    CHECK(run.code == 2);
    return run.err;
  };
  CHECK(contains(advice({"complete", "--key", "sk-1", "hi"}), "chatvim keys set"));
  CHECK(contains(advice({"complete", "-o", "temperature", "1", "hi"}), "--set KEY=VALUE"));
  CHECK(contains(advice({"complete", "-c", "hi"}), "chatvim log"));
  CHECK(contains(advice({"complete", "--attachment", "a.png", "hi"}), "--attach FILE"));
  CHECK(contains(advice({"complete", "--mdoel", "x", "hi"}), "\"--model\""));
  CHECK(contains(advice({"keys", "sett", "openai"}), "\"set\""));
}

TEST_CASE("system: a system message comes before those of the document", "[cli]") {
  Home home;
  home.set("OPENAI_API_KEY", "k");
  home.configure("+++\n+++\n# === SYSTEM ===\n\nfirst\n");
  const Run run = home.run({"request", "-s", "second", "-m", "openai/x"},
                           "# === SYSTEM ===\n\nthird\n\n# === USER ===\n\nhi\n");
  REQUIRE(run.code == 0);
  const Json messages = Json::parse(run.out).at("body").at("messages");
  REQUIRE(messages.size() == 4);
  for (const std::size_t i : {0U, 1U, 2U}) CHECK(messages[i].at("role") == "system");
  CHECK(messages[1].at("content") == "second");
  CHECK(messages[2].at("content") == "third");
}

}  // namespace chatvim::testing::completion_test
