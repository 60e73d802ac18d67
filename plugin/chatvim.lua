-- SPDX-License-Identifier: Apache-2.0
-- Commands, <Plug> maps and autocommands. Nothing is required until one of them is used.
if vim.g.loaded_chatvim then
  return
end
vim.g.loaded_chatvim = true

local api = vim.api

if vim.fn.has("nvim-0.10") == 0 then
  api.nvim_echo({ { "chatvim: Neovim 0.10 or later is needed", "WarningMsg" } }, true, {})
  return
end

---@param name string
---@param desc string
---@param options? vim.api.keyset.user_command
local function command(name, desc, options)
  options = options or {}
  options.desc = desc
  options.bar = options.bar ~= false
  if options.nargs then
    options.complete = function(lead, line, position)
      return require("chatvim.commands").complete(name, lead, line, position)
    end
  end
  api.nvim_create_user_command(name, function(arguments)
    require("chatvim.commands").run(name, arguments)
  end, options)
end

command("ChatvimComplete", "Answer the chat; with !, go on with its last answer", { bang = true })
command("ChatvimStop", "Stop this buffer's answer; with !, every answer", { bang = true })
command("ChatvimNew", "Open a new chat", { nargs = "*" })
command("ChatvimHelp", "Open a chat that starts with a guide to Chatvim", { nargs = "?" })
for _, direction in ipairs({ "Left", "Right", "Top", "Bottom" }) do
  local where = ("in a split, %s"):format(direction:lower())
  command("ChatvimNew" .. direction, "Open a new chat " .. where, { nargs = "?" })
  command("ChatvimHelp" .. direction, "Open a chat with a guide " .. where)
end
command("ChatvimModel", "Set the chat's model; without a name, pick one", { nargs = "?" })
command("ChatvimRetry", "Take the last answer away and ask again")
command("ChatvimFork", "Open a new chat with the messages up to the cursor's")
command("ChatvimSend", "Quote lines in the chat last used", { nargs = "?", range = true })
command("ChatvimRecover", "Put back what had arrived of an answer before a crash")
command("ChatvimRequest", "Show the request that would be sent, without its key")
command("ChatvimChats", "Pick a chat of the chat folder", { nargs = "*", bar = false })

---@param modes string each letter a mode
---@param name string
---@param rhs string
local function plug(modes, name, rhs)
  for mode in modes:gmatch(".") do
    api.nvim_set_keymap(mode, ("<Plug>(chatvim-%s)"):format(name), rhs, { noremap = true })
  end
end

plug("n", "complete", "<Cmd>ChatvimComplete<CR>")
plug("n", "continue", "<Cmd>ChatvimComplete!<CR>")
plug("n", "stop", "<Cmd>ChatvimStop<CR>")
plug("n", "stop-all", "<Cmd>ChatvimStop!<CR>")
plug("n", "new", "<Cmd>ChatvimNew<CR>")
plug("n", "help", "<Cmd>ChatvimHelp<CR>")
plug("n", "model", "<Cmd>ChatvimModel<CR>")
plug("n", "retry", "<Cmd>ChatvimRetry<CR>")
plug("n", "fork", "<Cmd>ChatvimFork<CR>")
plug("n", "send", "<Cmd>ChatvimSend<CR>")
plug("x", "send", ":ChatvimSend<CR>")
plug("n", "recover", "<Cmd>ChatvimRecover<CR>")
plug("n", "request", "<Cmd>ChatvimRequest<CR>")
plug("n", "chats", "<Cmd>ChatvimChats<CR>")

--- A motion or text object. In operator-pending mode it is asked for its keys, since only keys
--- cancel an operator where there is nothing to run on.
---@param modes string
---@param name string
---@param call string its function in the module `motion`
---@param argument integer|boolean
local function motion(modes, name, call, argument)
  plug(
    modes,
    name,
    ("<Cmd>lua require('chatvim.motion').%s(%s)<CR>"):format(call, tostring(argument))
  )
  api.nvim_set_keymap("o", ("<Plug>(chatvim-%s)"):format(name), "", {
    noremap = true,
    expr = true,
    replace_keycodes = true,
    callback = function()
      return require("chatvim.motion").keys(call, argument)
    end,
  })
end

motion("nx", "next", "go", 1)
motion("nx", "previous", "go", -1)
motion("x", "message-inner", "message", false)
motion("x", "message", "message", true)
motion("x", "code-inner", "code", false)
motion("x", "code", "code", true)

-- Keys of Vim's own: each is asked for what it types here.
for _, name in ipairs({ "gf", "gF", "wf", "wF", "wgf", "wgF" }) do
  local expression = ("v:lua.require'chatvim.goto_file'.keys('%s')"):format(name)
  local options = { noremap = true, expr = true, replace_keycodes = true }
  api.nvim_set_keymap("n", ("<Plug>(chatvim-%s)"):format(name), expression, options)
end

api.nvim_create_autocmd("FileType", {
  group = api.nvim_create_augroup("chatvim.attach", {}),
  pattern = "markdown",
  desc = "Chatvim: default keys; start the program early where the buffer is a chat",
  callback = function(event)
    require("chatvim.attach").attach(event.buf)
  end,
})

api.nvim_create_autocmd("User", {
  group = "chatvim.attach",
  pattern = { "ChatvimStart", "ChatvimEnd" },
  desc = "Chatvim: a buffer that is answered in is a chat; its front matter may be another",
  callback = function(event)
    if event.data then
      require("chatvim.attach").answered(event.data.buf, event.match == "ChatvimStart")
    end
  end,
})

-- Every buffer's, and whether `autosave` is on or not: any may become a chat, and what its file was
-- when it was read cannot be told later. From before the reading: what is written meanwhile counts
-- as a change.
api.nvim_create_autocmd(
  { "BufReadPre", "BufNewFile", "BufWritePost", "BufFilePost", "BufWipeout" },
  {
    group = api.nvim_create_augroup("chatvim.disk", {}),
    desc = "Chatvim: what the file is, to see whether somebody else writes it",
    callback = function(event)
      require("chatvim.disk").note(event)
    end,
  }
)

-- A plugin manager may load this file when chats are open already.
for _, buf in ipairs(api.nvim_list_bufs()) do
  if vim.bo[buf].filetype == "markdown" then
    require("chatvim.attach").attach(buf)
  end
end
