// SPDX-License-Identifier: Apache-2.0
// `chatvim` without a command: Neovim on a chat, or advice.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "home.hpp"
#include "terminal.hpp"

namespace chatvim::testing::alone_test {

namespace {

/// Puts a Neovim first on PATH that writes its arguments to the file "ran".
void fake_nvim(Home& home) {
  std::filesystem::create_directories(home.path("bin"));
  const std::string path =
      home.file("bin/nvim", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$HOME/ran\"\n");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  home.set("PATH", home.path("bin") + ":/usr/bin:/bin");
}

/// Puts a copy of the program into this folder of a copy of the plugin. Returns the command that
/// runs it there.
Command in_the_plugin(const Home& home, const std::string& folder) {
  namespace fs = std::filesystem;
  fs::create_directories(home.path("plugin/" + folder));
  for (const std::string name : {"lua", "plugin"}) {
    fs::create_directory_symlink(CHATVIM_SOURCE "/" + name, home.path("plugin/" + name));
  }
  const std::string program = home.path("plugin/" + folder + "/chatvim");
  fs::copy_file(CHATVIM_PROGRAM, program);
  Command command = home.command({});
  command.arguments.front() = program;
  return command;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("chatvim alone opens Neovim on a new chat", "[alone]") {
  Home home;
  fake_nvim(home);
  Terminal terminal(home.command({}));
  CHECK(terminal.wait() == 0);
  CHECK(has(home.read("ran"), "'ChatvimNew'"));
}

TEST_CASE("chatvim alone loads the plugin that it was built in, and no other", "[alone]") {
  for (const std::string folder : {"build/release", "build/sanitize", "bin"}) {
    INFO(folder);
    Home home;
    fake_nvim(home);
    Terminal terminal(in_the_plugin(home, folder));
    CHECK(terminal.wait() == 0);
    CHECK(has(home.read("ran"), "set runtimepath^=") == (folder == "build/release"));
  }
}

TEST_CASE("chatvim with the name of a chat opens it", "[alone]") {
  Home home;
  fake_nvim(home);
  Terminal terminal(home.command({"it's a chat.md"}));
  CHECK(terminal.wait() == 0);
  CHECK(has(home.read("ran"), "execute 'edit ' . fnameescape('it''s a chat.md')"));
}

TEST_CASE("Neovim gets the arguments in $EDITOR, also those that the shell reads", "[alone]") {
  for (const std::string editor : {"nvim -u NONE", "nvim -u 'NONE'"}) {
    Home home;
    fake_nvim(home);
    home.set("EDITOR", editor);
    Terminal terminal(home.command({"chat.md"}));
    CHECK(terminal.wait() == 0);
    CHECK(home.read("ran").starts_with("-u\nNONE\n-c\n"));
    CHECK(has(home.read("ran"), "chat.md"));
  }
}

TEST_CASE("chatvim alone needs a terminal and Neovim", "[alone]") {
  Home home;
  fake_nvim(home);
  const Run run = home.run({});
  CHECK(run.code == 2);
  CHECK(run.err ==
        "chatvim: Run this in a terminal, where it opens Neovim; chatvim --help lists the "
        "commands.\n");
  CHECK(
      home.run({"a chat.md"}).err ==
      "chatvim: Run this in a terminal, where it opens Neovim; chatvim complete --file 'a chat.md' "
      "answers the chat.\n");
  CHECK_FALSE(home.exists("ran"));
  home.set("PATH", home.path("nowhere"));
  Terminal terminal(home.command({}));
  CHECK(terminal.wait() == 2);
  CHECK(has(terminal.output(), "Install Neovim"));
  CHECK(has(terminal.output(), "--help"));
  Terminal named(home.command({"chat.md"}));
  CHECK(named.wait() == 2);
  CHECK(has(named.output(), "Install Neovim, which opens chats; chatvim complete --file chat.md"));
  CHECK(named.output().find('\n') == named.output().rfind('\n'));
}

TEST_CASE("a question without a command gets advice", "[alone]") {
  const Home home;
  for (const auto& words : {std::vector<std::string>{"why is the sky blue?"},
                            std::vector<std::string>{"why", "is", "it"}}) {
    const Run run = home.run(words);
    CHECK(run.code == 2);
    CHECK(has(run.err, "chatvim complete \"QUESTION\""));
  }
  CHECK(has(home.run({"complet", "x"}).err, "Did you mean \"complete\""));
}

TEST_CASE("chatvim alone opens a new chat in the real Neovim", "[alone]") {
  const std::string nvim = CHATVIM_NVIM;
  if (nvim.empty()) SKIP("CHATVIM_NVIM names no Neovim");
  Home home;
  home.set("EDITOR", nvim);
  std::filesystem::create_directories(home.path("config/nvim"));
  home.file("config/nvim/init.lua",
            "vim.o.ttyfast = false\n"
            "vim.api.nvim_create_autocmd('VimEnter', { callback = function()\n"
            "  vim.schedule(function()\n"
            "    local name = vim.fs.basename(vim.api.nvim_buf_get_name(0))\n"
            "    local first = vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]\n"
            "    vim.fn.writefile({ name, first }, vim.env.HOME .. '/seen')\n"
            "    vim.cmd('qall!')\n"
            "  end)\n"
            "end })\n");
  Terminal terminal(in_the_plugin(home, "build/release"));
  CHECK(terminal.wait() == 0);
  INFO(terminal.output());
  CHECK(home.read("seen").starts_with("chat-"));
  CHECK(has(home.read("seen"), "\n# === USER ===\n"));
}

}  // namespace chatvim::testing::alone_test
