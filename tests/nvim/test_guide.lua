-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimHelp opens a chat that starts with a guide made from the tables.
local case = require("helpers.case")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

T["a chat for reading and asking; nothing is written to disk"] = function()
  local child = case.child()
  child:command("ChatvimHelp")
  local name = vim.fs.basename(child:api("nvim_buf_get_name", 0))
  eq(name:find("^chatvim%-help%-%d%d%d%d%-%d%d%-%d%d%-%d%d%-%d%d%-%d%d%.md$"), 1)
  eq(vim.fn.readdir(child.folder), {})
  eq(
    child:lua("return { vim.bo.modified, vim.bo.buftype, vim.bo.filetype }"),
    { false, "", "markdown" }
  )
  local lines = child:lines()
  eq({ lines[1], lines[2], lines[3] }, { "# === SYSTEM ===", "", "# Chatvim: a short guide" })
  eq(vim.list_slice(lines, #lines - 3), { "", "# === USER ===", "", "" })
  eq(#lines > 80 and #lines < 160, true)
  child:feed("u")
  eq(child:lines(), lines)
  child:feed("GiWhat is a chat?<Esc>")
  case.standin:script({ replies.answer("A file.") })
  eq(child:complete().outcome, "done")
  local messages = case.standin:requests()[1].json.messages
  eq({ #messages, messages[1].role, messages[2].content }, { 2, "system", "What is a chat?" })
  eq(messages[1].content, table.concat(lines, "\n", 3, #lines - 4))
  case.expect_part(messages[1].content, ":ChatvimComplete")
end

T["every command, key, option and highlight group is in it"] = function()
  local child = case.child()
  child:command("ChatvimHelp")
  local text = child:text():gsub("%s+", " ")
  local facts = child:lua([[
    local facts = {}
    local function add(...)
      vim.list_extend(facts, { ... })
    end
    for _, command in ipairs(require("chatvim.commands").list) do
      local usage = command.arguments and " " .. command.arguments or ""
      add(("- `:%s%s` %s"):format(command.name, usage, command.text))
      add(command.bang and ("- `:%s!` %s"):format(command.name, command.bang))
    end
    for _, key in ipairs(require("chatvim.keys").keys) do
      add(key.text, ("`<Plug>(chatvim-%s)`"):format(key.plug))
    end
    for _, key in ipairs(require("chatvim.keys").vim_keys) do
      add(("`%s`"):format(key.lhs))
    end
    for _, option in ipairs(require("chatvim.config").schema) do
      add(("- `%s = %s` %s"):format(option.name, vim.inspect(option.default), option.text))
    end
    for _, group in ipairs(require("chatvim.view.highlight").groups) do
      add(("`%s`"):format(group.name))
    end
    return facts
  ]])
  eq(#facts > 40, true)
  for _, fact in ipairs(facts) do
    case.expect_part(text, fact)
  end
  case.expect_part(text, "`:help chatvim`")
end

T["keys as they are mapped: the leader, the user's own, unmapped"] = function()
  local function row(child, plug)
    for _, line in ipairs(child:lines()) do
      if line:find("<Plug>(chatvim-" .. plug .. ")", 1, true) and line:find("^|") then
        return vim.trim(line:match("^| (.-) |"))
      end
    end
  end
  local child = case.child({
    commands = {
      "let mapleader = ' '",
      "nmap <F5> <Plug>(chatvim-complete)",
      "nnoremap <Leader>cvm :echo 'mine'<CR>",
    },
  })
  child:command("ChatvimHelp")
  eq(row(child, "stop"), "`<Space>cvs`")
  eq(row(child, "model"), "not mapped")
  eq(row(child, "next"), "`]m`")
  eq(row(child, "complete"), "`<Space>cvc`")
  child:stop()
  child = case.child({
    options = { keys = false },
    commands = { "nmap <F5> <Plug>(chatvim-complete)" },
  })
  child:command("ChatvimHelp")
  eq({ row(child, "complete"), row(child, "stop") }, { "`<F5>`", "not mapped" })
end

T["current delimiters and model; text that looks like a delimiter is escaped"] = function()
  local child = case.child({
    config = case.config('userDelimiter = "## Keys"\nassistantDelimiter = "+++"'),
  })
  child:command("ChatvimHelp")
  local text = child:text()
  case.expect_part(text, "\n\n## Keys\n\n")
  case.expect_part(text, "\n\\## Keys\n")
  case.expect_part(text, '\n\\+++\nmodel = "standin/m1"\n')
  case.expect_part(text, "- `## Keys` yours")
  child:feed("GiQ<Esc>")
  local messages = child:lua("return require('chatvim').messages()")
  eq({ #messages, messages[2] }, { 2, { role = "user", content = "Q" } })
  case.expect_part(messages[1].content, "\n## Keys\n")
end

T["its start is visible, with the cursor at the end if that fits"] = function()
  local child = case.child({ screen = true })
  child:command("ChatvimHelp")
  eq(child:lua("return { vim.fn.line('w0'), vim.fn.line('.') }"), { 1, 1 })
  child:command("set lines=200 | only | ChatvimHelp")
  eq(child:lua("return { vim.fn.line('w0'), vim.fn.line('.') == vim.fn.line('$') }"), { 1, true })
  eq(child:api("nvim_get_mode"), { mode = "n", blocking = false })
end

T["directions and modifiers"] = function()
  local child = case.child()
  for command, expected in pairs({
    ["ChatvimHelp"] = "chatvim-help*",
    ["ChatvimHelp left"] = "row(chatvim-help*, a.txt)",
    ["ChatvimHelpRight"] = "row(a.txt, chatvim-help*)",
    ["ChatvimHelpTop"] = "col(chatvim-help*, a.txt)",
    ["ChatvimHelp bottom"] = "col(a.txt, chatvim-help*)",
    ["vertical ChatvimHelp"] = "row(chatvim-help*, a.txt)",
  }) do
    child:command("only | edit a.txt")
    child:command(command)
    eq({ command, layout.of(child) }, { command, expected })
  end
  child:command("only | edit a.txt")
  child:command("ChatvimHelp up")
  eq(layout.of(child), "a.txt*")
  case.expect_part(child:messages(), '"up" is no direction; there are left, right, top, bottom')
end

T["the guide opens without the program"] = function()
  local child = case.child({ options = { program = "/no/such/chatvim" } })
  child:command("ChatvimHelp")
  eq(child:lines()[1], "# === SYSTEM ===")
  case.expect_part(child:text(), 'model = "PROVIDER/NAME"')
end

return T
