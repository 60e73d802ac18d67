// SPDX-License-Identifier: Apache-2.0
#include "cli/open_editor.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/repl_commands.hpp"

namespace chatvim::cli::open_editor_test {
namespace {

Environment environment_with(const std::map<std::string, std::string>& variables) {
  return [variables](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string editor_with(const std::map<std::string, std::string>& variables) {
  return editor_arguments(environment_with(variables), "", "").front();
}

}  // namespace

TEST_CASE("Neovim is the user's editor, if that is one", "[cli]") {
  CHECK(editor_with({}) == "nvim");
  CHECK(editor_with({{"EDITOR", "vim"}}) == "nvim");
  CHECK(editor_with({{"EDITOR", "/opt/nvim/bin/nvim"}}) == "/opt/nvim/bin/nvim");
  CHECK(editor_with({{"VISUAL", "/a/nvim"}, {"EDITOR", "/b/nvim"}}) == "/a/nvim");
  CHECK(editor_with({{"EDITOR", "vim nvim"}}) == "nvim");
}

TEST_CASE("Neovim gets the arguments of the user's editor", "[cli]") {
  const auto arguments_with = [](const char* editor) {
    auto arguments = editor_arguments(environment_with({{"EDITOR", editor}}), "", "");
    arguments.resize(arguments.size() - 2);  // without those that open the chat
    return arguments;
  };
  using Words = std::vector<std::string>;
  CHECK(arguments_with(" /opt/nvim  -u NONE ") == Words{"/opt/nvim", "-u", "NONE"});
  CHECK(arguments_with("nvim -c 'set nu'") == Words{"sh", "-c", "nvim -c 'set nu' \"$@\"", "sh"});
}

TEST_CASE("only a markdown file is opened without a command", "[cli]") {
  CHECK(is_chat_file("chat.md"));
  CHECK(is_chat_file("a folder/it's.md"));
  CHECK_FALSE(is_chat_file("complete"));
  CHECK_FALSE(is_chat_file("--x.md"));
  CHECK_FALSE(is_chat_file(".md"));
  CHECK_FALSE(is_chat_file("what is\nthis.md"));
}

TEST_CASE("an unknown command of the repl gets a similar one", "[cli]") {
  CHECK(unknown_repl_command(".modle").find("did you mean .model?") != std::string::npos);
  CHECK(unknown_repl_command(".xyzzyx").find(".help lists them") != std::string::npos);
  CHECK(is_repl_command(".model a"));
  CHECK_FALSE(is_repl_command("... what"));
  CHECK_FALSE(is_repl_command(".model\nis a command"));
  CHECK(read_repl_command(".set  a=b ")->argument == "a=b");
}

}  // namespace chatvim::cli::open_editor_test
