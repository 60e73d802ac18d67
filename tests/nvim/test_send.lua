-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSend quotes lines in the last used chat, and sends nothing.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local quotes = require("helpers.quotes")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

T["lines go below the last user delimiter, with file and numbers, ready to type on"] = function()
  local text = "# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\nA\n\n# === USER ===\n"
  local child, chat = quotes.start(text .. "\n\n\n")
  child:command("2,3ChatvimSend")
  local quoted = text .. "\n" .. quotes.text("src/main.lua:2-3", "lua", "local b = 2\nlocal c = 3")
  eq(child:text(chat), quoted)
  eq(layout.of(child), "row(main.lua, chat.md*)")
  eq(child:api("nvim_win_get_cursor", 0), { #child:lines(), 0 })
  eq(child:api("nvim_get_mode").mode, "n")
  child:command("wincmd p | 1ChatvimSend")
  eq(child:text(chat), quoted .. quotes.text("src/main.lua:1", "lua", "local a = 1"))
  eq(layout.of(child), "row(main.lua, chat.md*)")
  child:feed("u")
  eq(child:text(chat), quoted)
  child:feed("u")
  eq(child:text(chat), text .. "\n\n")
  child:feed("<C-r><C-r>")
  eq(#case.standin:requests(), 0)
  child:feed("GiWhy?<Esc>")
  case.standin:script({ replies.answer("So.") })
  eq(child:complete().outcome, "done")
  local messages = case.standin:requests()[1].json.messages
  eq(messages[3].content, vim.trim(child:text():match("USER ===\n\n(src.-)\n# === ASS")))
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["the end of the chat determines what is written before a quote"] = function()
  local user = "\n\n# === USER ===\n\n"
  for _, row in ipairs({
    { "", "" },
    { "\n\n\n", "" },
    { '+++\nmodel = "m1"\n+++\n', '+++\nmodel = "m1"\n+++\n\n' },
    { "Look at this:\n", "Look at this:\n\n" },
    { "# === USER ===", "# === USER ===\n\n" },
    { "# === SYSTEM ===\n\nS\n", "# === SYSTEM ===\n\nS" .. user },
    { "Q\n# === ASSISTANT ===\nA", "Q\n# === ASSISTANT ===\nA" .. user },
    { "Q\n# === ASSISTANT ===\n\n", "Q\n# === ASSISTANT ===" .. user },
  }) do
    local child = case.child()
    local chat = child:chat(row[1])
    child:lua("require('chatvim.chat.recent').use(...)", chat)
    quotes.open(child, "a.txt", "line\n")
    child:command("ChatvimSend")
    eq({ row[1], child:text(chat) }, { row[1], row[2] .. quotes.text("a.txt:1", "text", "line") })
    child:stop()
  end
end

T["text that could be misread is fenced and escaped"] = function()
  local child, chat = quotes.start(case.EMPTY)
  local text = "a `b` ```` c\n# === USER ===\n\\# === SYSTEM ===  \n## me\n+++"
  quotes.open(child, "a.md", text .. "\n")
  child:command("%ChatvimSend")
  -- A markdown file with a delimiter is a chat too, and is not quoted in itself.
  eq(
    child:text(chat),
    case.EMPTY
      .. "a.md:1-5\n`````markdown\na `b` ```` c\n\\# === USER ===\n\\\\# === SYSTEM ===  \n"
      .. "## me\n+++\n`````\n\n"
  )
  local message = child:lua("return require('chatvim').messages()")[1].content
  eq(message, "a.md:1-5\n`````markdown\n" .. text .. "\n`````")
end

T["the chat's own delimiters count; an unclosed front matter is text"] = function()
  local front = '---\nmodel: m1\nuserDelimiter: "## me"\nassistantDelimiter: "## it"\n---\n'
  local child, chat = quotes.start(front .. "## me\nQ\n## it\nA\n")
  quotes.open(child, "a.txt", "## it\n# === USER ===\n")
  child:command("%ChatvimSend")
  eq(
    child:text(chat),
    front
      .. "## me\nQ\n## it\nA\n\n## me\n\n"
      .. quotes.text("a.txt:1-2", "text", "\\## it\n# === USER ===")
  )
  child:stop()
  child, chat = quotes.start("---\nmodel: m1\n# === USER ===\nQ\n")
  quotes.open(child, "a.yaml", "---\nx: 1\n")
  child:command("%ChatvimSend")
  case.expect_part(child:text(chat), quotes.text("a.yaml:1-2", "yaml", "\\---\nx: 1"))
  local message = child:lua("return require('chatvim').messages()")[2].content
  eq(message, "Q\n\n" .. vim.trim(quotes.text("a.yaml:1-2", "yaml", "---\nx: 1")))
end

T["file names: below the working directory, below the home, elsewhere, none"] = function()
  local child, chat = quotes.start(case.EMPTY)
  child:lua("vim.env.HOME = ...", child.home)
  local outside = vim.fn.tempname()
  for _, row in ipairs({
    { child.folder .. "/x/é b.txt", "x/é b.txt:1" },
    { child.home .. "/up.txt", "~/up.txt:1" },
    { outside, outside .. ":1" },
    { "", "[No Name]:1" },
  }) do
    child:command("enew")
    if row[1] ~= "" then
      child:api("nvim_buf_set_name", 0, row[1])
    end
    child:command("setlocal filetype= | call setline(1, 'line')")
    child:command("ChatvimSend")
    case.expect_part(child:text(chat), "\n" .. quotes.text(row[2], "", "line"))
    child:command("only")
  end
end

T["a selection quotes whole lines; the source does not change"] = function()
  local child, chat = quotes.start(case.EMPTY)
  child:feed("ggmayy/local<CR>")
  local function state()
    return child:lua([[
      local buf = vim.fn.bufnr("main.lua")
      return {
        vim.api.nvim_buf_get_changedtick(buf), vim.bo[buf].modified, vim.fn.getreg('"'),
        vim.fn.getreg("/"), vim.api.nvim_buf_get_mark(buf, "a"),
        vim.api.nvim_buf_get_mark(buf, "."),
        vim.api.nvim_buf_get_mark(buf, "["), vim.fn.undotree(buf).seq_last,
      }
    ]])
  end
  local before = state()
  child:feed("ggwvj:ChatvimSend<CR>")
  local text = case.EMPTY .. quotes.text("src/main.lua:1-2", "lua", "local a = 1\nlocal b = 2")
  eq({ child:text(chat), state() }, { text, before })
  child:command("close")
  eq(child:api("nvim_get_mode").mode, "n")
  child:command("nmap <F5> <Plug>(chatvim-send)")
  child:command("xmap <F5> <Plug>(chatvim-send)")
  child:feed("GV<F5>")
  text = text .. quotes.text("src/main.lua:3", "lua", "local c = 3")
  eq({ child:text(chat), state() }, { text, before })
  child:command("close")
  child:feed("gg<F5>")
  eq(child:text(chat), text .. quotes.text("src/main.lua:1", "lua", "local a = 1"))
  case.expect_calm(child)
end

T["binary data, blank lines and wrong arguments are refused"] = function()
  local child = quotes.start(case.EMPTY)
  for bytes, message in pairs({
    ["ok\n\0\n"] = "line 2 holds a NUL byte: nothing was quoted",
    ["ok\nok\n\255x\n"] = "line 3 is not UTF-8: nothing was quoted",
    ["ok\n\192\175\n"] = "line 2 is not UTF-8",
    ["ok\n\237\160\128\n"] = "line 2 is not UTF-8",
    ["ok\n\244\144\128\128\n"] = "line 2 is not UTF-8",
    ["\n  \n"] = "there is nothing to quote",
  }) do
    files.write(child.folder .. "/a.bin", bytes)
    child:command("edit! ++enc=utf-8 ++bad=keep a.bin")
    case.expect_refusal(child, "%ChatvimSend", message)
  end
  files.write(child.folder .. "/good.txt", "é € 😀 \239\191\189 \127\n")
  child:command("edit good.txt")
  case.expect_refusal(
    child,
    "ChatvimSend up",
    '"up" is no direction (left, right, top, bottom) and nothing that can be sent (diagnostics, '
  )
  child:command("ChatvimSend")
  case.expect_part(child:text(), "é € 😀 \239\191\189 \127")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["too many lines are refused at once"] = function()
  local child = case.child()
  child:chat(case.EMPTY)
  -- A text file: Neovim's Lua parser would need minutes for that many lines that are not Lua.
  quotes.open(child, "a.txt", ("line of text\n"):rep(100001))
  case.expect_refusal(
    child,
    "%ChatvimSend",
    "these are too many lines: at most 100,000 can be quoted"
  )
  child:command("2,$ChatvimSend")
  eq(#child:lines(), 100000 + 7)
end

return T
