// SPDX-License-Identifier: Apache-2.0
#include "man_page.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "exit_codes.hpp"

namespace chatvim::cli {

namespace {

constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"XDG_CONFIG_HOME",
     "The folder in which chatvim/config.md is looked for, in place of ~/.config."},
    {"XDG_STATE_HOME", "The folder for what the program keeps, in place of ~/.local/state."},
    {"HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY",
     "The proxy for requests, and hosts without it."},
    {"PATH", "Where key commands, servers of tools and the program of the keyring are looked for."},
};

constexpr std::pair<std::string_view, std::string_view> kFiles[] = {
    {"~/.config/chatvim/config.md", "The configuration: settings, providers, servers of tools."},
    {"~/.config/chatvim/presets/NAME.md", "Settings that a chat chooses by their name."},
    {".chatvim.md", "Settings and context for the chats in a folder, once they are accepted."},
    {"~/.local/state/chatvim/trust.json", "What has been allowed."},
    {"~/.local/state/chatvim/keys.json", "Where the keys of keys set are; it holds no key."},
    {"~/.local/state/chatvim/key-values.json",
     "Keys that are not in the system's keyring; only its owner can read it."},
};

/// Escapes text for roff. A `-` is what the user types, not a hyphen.
std::string roff(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool begins_line = at == 0 || text[at - 1] == '\n';
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '^') {
      out += "\\(ha";
    } else if (c == '~') {
      out += "\\(ti";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (text.substr(at).starts_with("…")) {
      out += "...";
      at += std::string_view("…").size() - 1;
    } else {
      out += c;
    }
  }
  return out;
}

/// Returns "a, b VALUE", the names in bold.
std::string tag_of(const OptionInfo& option) {
  std::string out;
  for (const std::string& name : option.names) {
    out += fmt::format("{}\\fB{}\\fR", out.empty() ? "" : ", ", roff(name));
  }
  const bool is_argument = !option.names.front().starts_with('-');
  if (!option.value.empty() && !is_argument) out += fmt::format(" \\fI{}\\fR", roff(option.value));
  return out;
}

void append_item(std::string& out, const std::string& tag, std::string_view text) {
  out += fmt::format(".TP\n{}\n{}\n", tag, roff(text));
}

void append_table(std::string& out, std::string_view title, auto begin, auto end) {
  out += fmt::format(".SH {}\n", title);
  for (auto row = begin; row != end; ++row) {
    append_item(out, fmt::format("\\fB{}\\fR", roff(row->first)), row->second);
  }
}

/// Returns the remarks of a command without its exit codes, which have a section of their own.
std::string_view remarks_of(const CommandInfo& command) {
  const std::string_view footer = command.footer;
  std::string_view text = footer.substr(0, footer.find(kExitCodesTitle));
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

void append_remarks(std::string& out, const CommandInfo& command) {
  const std::string_view remarks = remarks_of(command);
  if (!remarks.empty()) out += fmt::format(".PP\n.nf\n{}\n.fi\n", roff(remarks));
}

void append_man_options(std::string& out, const CommandInfo& command) {
  for (const OptionInfo& argument : command.arguments) {
    append_item(out, tag_of(argument), argument.description);
  }
  for (const OptionInfo& option : command.options) {
    // Once is enough.
    if (option.names.back() == "--help" && !command.path.empty()) continue;
    append_item(out, tag_of(option), option.description);
  }
}

void append_man_command(std::string& out, const CommandInfo& command) {
  if (command.path.empty()) return;
  out += fmt::format(".SS chatvim {}", roff(command.path));
  if (!command.options.empty()) out += " [OPTION]...";
  if (!command.commands.empty()) out += " COMMAND";
  for (const OptionInfo& argument : command.arguments) {
    const std::string& name = argument.names.front();
    out += argument.is_required ? " " + name : fmt::format(" [{}]", name);
  }
  out += fmt::format("\n{}.\n", roff(command.description));
  append_man_options(out, command);
  append_remarks(out, command);
}

void append_environment(std::string& out, const provider::Table& table) {
  append_table(out, "ENVIRONMENT", std::begin(kVariables), std::end(kVariables));
  for (const provider::Provider& row : table) {
    if (row.key.environment.empty()) continue;
    append_item(
        out, fmt::format("\\fB{}\\fR", fmt::join(row.key.environment, ", ")),
        fmt::format("The key of {}{}", row.name,
                    row.key.environment.size() > 1 ? "; the first that is set counts." : "."));
  }
}

}  // namespace

std::string man_page(const CommandInfo& program, const provider::Table& table) {
  std::string out = fmt::format(
      ".\\\" Made by `chatvim man`.\n.TH CHATVIM 1 \"\" \"chatvim {}\" \"User Commands\"\n"
      ".SH NAME\nchatvim \\- chat with language models in a plain markdown file\n"
      ".SH SYNOPSIS\n\\fBchatvim\\fR [\\fIOPTION\\fR]... [\\fICOMMAND\\fR [\\fIARGUMENT\\fR]...]\n"
      ".SH DESCRIPTION\n"
      "A chat is a markdown file. chatvim reads it, sends it to a language model and prints the\n"
      "answer, or appends it to the file. Without a command it opens Neovim on a new chat, and\n"
      "with the name of a markdown file alone on that chat.\n",
      CHATVIM_VERSION);
  append_man_options(out, program);
  append_remarks(out, program);
  out += ".SH COMMANDS\n";
  for_each_command(program,
                   [&out](const CommandInfo& command) { append_man_command(out, command); });
  out += ".SH \"EXIT STATUS\"\n";
  for (const auto& [code, words] : kExitCodes) {
    append_item(out, fmt::format("\\fB{}\\fR", code), words);
  }
  append_environment(out, table);
  append_table(out, "FILES", std::begin(kFiles), std::end(kFiles));
  out += ".SH \"SEE ALSO\"\n\\fBnvim\\fR(1); \\fB:help chatvim\\fR in Neovim\n";
  return out;
}

}  // namespace chatvim::cli
